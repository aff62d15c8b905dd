"""What people and programs take away: a call as JSON, transcripts, tables for spreadsheets."""
