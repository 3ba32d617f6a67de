"""Letters out of the house: what they say, and how they leave, by e-mail and by webhook."""
