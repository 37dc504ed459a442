"""One analyser of text: folding, words, stems, sentences, values, scripts, and which language it is."""
