"""What a run or a conversation looks like outside MuAI."""
