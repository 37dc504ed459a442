"""What reaches out for a workflow: search engines and the page fetcher, one file each, mocks included."""
