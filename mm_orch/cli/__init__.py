"""Commands, one group a file. A module here imports nothing heavy: ``--help`` loads them all."""
