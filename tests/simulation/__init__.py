"""A machine that plays a warehouse at random and holds every step against the rules."""
