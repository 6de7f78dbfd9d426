"""Text in, quotes out: articles, passages, ranking, snippets; knows nothing of Telegram."""
