#!/usr/bin/env bash
# Review what the action was given: annotations to the log, Markdown to the run's summary and to a file.
# PATHS, MIGRATIONS and TWIN come from the action; exits as the gravest review did.
set -uo pipefail

read -r -a paths <<< "${PATHS:-}"
read -r -a migrations <<< "${MIGRATIONS:-}"
twin=()
if [ -n "${TWIN:-}" ]; then twin=(--twin "$TWIN"); fi
report="${RUNNER_TEMP:-/tmp}/failonce-review.md"
: > "$report"
worst=0

reviewed() {
  failonce review ${twin[@]+"${twin[@]}"} --format github --report "markdown=$report.part" "$@"
  local code=$?
  if [ "$code" -gt "$worst" ]; then worst=$code; fi
  if [ -f "$report.part" ]; then cat "$report.part" >> "$report" && rm "$report.part"; fi
}

if [ "${#paths[@]}" -gt 0 ]; then reviewed "${paths[@]}"; fi
if [ "${#migrations[@]}" -gt 0 ]; then reviewed --migrations "${migrations[@]}"; fi
if [ "$((${#paths[@]} + ${#migrations[@]}))" -eq 0 ]; then
  echo "::error title=failonce::Nothing to review: give the action paths or migrations."
  exit 2
fi
if [ "$worst" -gt 1 ]; then
  echo "::error title=failonce::The review could not be done, see the log."
  echo "### failonce: the review could not be done, see the log" >> "$report"
fi
cat "$report" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
echo "report=$report" >> "${GITHUB_OUTPUT:-/dev/null}"
exit "$worst"
