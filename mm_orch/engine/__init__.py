"""llama.cpp, one child process per loaded model. ``supervisor`` is the parent's side, ``worker`` the child's."""
