"""Settlement: adjustments proposed, decided, posted and reversed, always by more than one pair of hands."""

from zeroline.services.settlement.deciding import Settlement

__all__ = ["Settlement"]
