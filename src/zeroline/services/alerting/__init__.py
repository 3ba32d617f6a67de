"""What people are told: looked for, told once, shown, and carried out of the house by letters."""

from zeroline.services.alerting.service import Alerting

__all__ = ["Alerting"]
