"""llama.cpp's own functions: the only folder that imports llama_cpp. Only a child process imports it."""
