"""The exception queues."""

from zeroline.ui.screens.queue.screen import QueueScreen

__all__ = ["QueueScreen"]
