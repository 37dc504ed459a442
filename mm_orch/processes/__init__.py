"""Child processes: started in a group of their own, asked in frames, bounded in memory and time, ended."""
