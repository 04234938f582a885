"""Pagewalk: watch Linux 5.10 on 32-bit ARM serve an mmap file read, one kernel function at a time."""

__version__ = "0.1.0"
