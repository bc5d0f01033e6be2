"""The book of incidents: incidents, timelines, postmortems, action items."""
