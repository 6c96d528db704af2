"""From JSON to records: liberal in what they accept, typed in what they give."""
