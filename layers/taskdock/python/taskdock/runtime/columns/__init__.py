"""What broad queries need from outside."""
