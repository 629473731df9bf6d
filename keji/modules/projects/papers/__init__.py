"""Documents of this module as the layout engine sets them."""
