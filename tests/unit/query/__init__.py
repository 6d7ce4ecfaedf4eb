"""The task query: reading, binding, planning, matching, sorting, paging."""
