#!/usr/bin/env bash
# Write the report as a comment on the pull request, over the one of the run before if there is one.
# GH_TOKEN, NUMBER and REPORT come from the action, GITHUB_REPOSITORY from the runner.
set -euo pipefail

mark='<!-- failonce review -->'
comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"
[ -s "$REPORT" ] || exit 0
earlier=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$mark\")) | .id" | sed -n 1p)
if [ -n "$earlier" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$earlier" --field "body=@$REPORT" --silent
else
  gh api --method POST "$comments" --field "body=@$REPORT" --silent
fi
