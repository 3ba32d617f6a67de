from support.floor import floor

__all__ = ["floor"]
