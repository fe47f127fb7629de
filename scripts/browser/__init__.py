"""A real browser that opens our pages, and the checks that hold for all of them."""
