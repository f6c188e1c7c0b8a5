"""Somebody's own backward pass against the derived gradient: whether, where, and with which known mistake.

The function is called as a black box; nothing in it is read or differentiated.
"""
