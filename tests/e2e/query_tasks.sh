# The published page's request for querying tasks; the token stands where the page has a password.
curl -k -s --request POST \
  --url http://{host}:{port}/{contextPath}/task \
  --header "Authorization: Bearer $TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{
  "taskVariables": [
    {
      "name": "varName",
      "value": "varValue",
      "operator": "eq"
    },
    {
      "name": "anotherVarName",
      "value": 30,
      "operator": "neq"
    }
  ],
  "processInstanceBusinessKeyIn": "aBusinessKey,anotherBusinessKey",
  "assigneeIn": "anAssignee,anotherAssignee",
  "priority": 10,
  "sorting": [
    {
      "sortBy": "dueDate",
      "sortOrder": "asc"
    },
    {
      "sortBy": "processVariable",
      "sortOrder": "desc",
      "parameters": {
        "variable": "orderId",
        "type": "String"
      }
    }
  ]
}'
