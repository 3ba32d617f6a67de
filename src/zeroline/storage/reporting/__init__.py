"""Read queries of the reports: everything as it stood at one instant."""
