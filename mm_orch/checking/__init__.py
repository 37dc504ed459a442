"""What an answer may claim: citations, facts, quotations, links, verdicts. Pure functions over texts."""
