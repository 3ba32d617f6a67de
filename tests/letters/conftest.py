"""Letters are sent to real servers on this machine."""

from support.receivers import hooked, mailbox

__all__ = ["hooked", "mailbox"]
