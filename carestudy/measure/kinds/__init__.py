"""The kinds of figures, a file each: a class that answers for its figures, and the decorator that declares one."""
