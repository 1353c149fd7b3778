variable "project_id" {
  description = "The project that Sluice runs in. Nothing else should: the policies deny for the whole of it."
  type        = string
}

variable "credential_projects" {
  description = "The projects that the service accounts of connections are in, which are best for nothing else. Default: that of Sluice."
  type        = set(string)
  default     = []
}

variable "service_accounts" {
  description = "The module's output `service_accounts`: who may do what people may not."
  type        = map(string)

  validation {
    condition     = length(setsubtract(["gateway", "console", "approval-resolver", "sweeper", "reconciler", "log-publisher", "retainer"], keys(var.service_accounts))) == 0
    error_message = "service_accounts lacks one: give it the output `service_accounts` of the module."
  }
}

variable "project_number" {
  description = "The number of the project that Sluice runs in: Google's own agents are named after it."
  type        = string

  validation {
    condition     = can(regex("^[0-9]+$", var.project_number))
    error_message = "project_number is a number."
  }
}

variable "deployers" {
  description = "Who runs terraform, such as principal://iam.googleapis.com/projects/-/serviceAccounts/deploy@acme.iam.gserviceaccount.com: reads the policy's secret back, and may write the others."
  type        = list(string)

  validation {
    condition     = alltrue([for each in var.deployers : can(regex("^principal(Set)?://", each))])
    error_message = "deployers are principals as deny policies name them: principal://… or principalSet://…."
  }
}

variable "break_glass" {
  description = "Who may do it all the same when nothing else helps, such as principalSet://goog/group/break-glass@acme.example: a group that is empty on a good day."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for each in var.break_glass : can(regex("^principal(Set)?://", each))])
    error_message = "break_glass are principals as deny policies name them: principal://… or principalSet://…."
  }
}
