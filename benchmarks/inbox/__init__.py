"""What the inbox is measured by, and its pictures: commands that write into docs/inbox.md."""
