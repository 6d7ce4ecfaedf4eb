"""What a page of tasks asks beside Camunda 7's API."""
