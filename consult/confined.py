"""A parser in a child process with limits; translators' files are the first to need one."""
