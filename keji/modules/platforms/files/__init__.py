"""Files on the parts of a case, of whatever area; whose case it is decides who may see them."""
