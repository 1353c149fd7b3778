variable "access_policy" {
  description = "The number of your organization's access policy (`gcloud access-context-manager policies list`)."
  type        = string

  validation {
    condition     = can(regex("^[0-9]+$", var.access_policy))
    error_message = "access_policy is a number."
  }
}

variable "name" {
  description = "The name of the perimeter."
  type        = string
  default     = "sluice"

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,49}$", var.name))
    error_message = "name is up to 50 lower-case letters, digits and underscores."
  }
}

variable "project_numbers" {
  description = "The numbers of the projects inside: that of Sluice, and those with the data and the accounts of its connections."
  type        = set(string)

  validation {
    condition     = length(var.project_numbers) > 0 && alltrue([for each in var.project_numbers : can(regex("^[0-9]+$", each))])
    error_message = "project_numbers are numbers, at least one."
  }
}

variable "access_levels" {
  description = "Access levels with which people and pipelines get in from outside, such as accessPolicies/1/accessLevels/office. Who deploys needs one."
  type        = set(string)
  default     = []
}

variable "enforced" {
  description = "Whether the perimeter holds. Leave it off first: until then Google only logs what it would have refused."
  type        = bool
  default     = false
}
