"""What a run asked of the seams, kept so that it can go on, be shown, and be answered again."""
