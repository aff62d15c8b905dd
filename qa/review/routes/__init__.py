"""The pages and what they do: a router each."""
