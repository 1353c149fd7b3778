output "deny_policies" {
  description = "The names of the deny policies."
  value       = concat([for policy in google_iam_deny_policy.credential : policy.id], [google_iam_deny_policy.record.id])
}
