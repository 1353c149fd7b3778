variable "project_id" {
  description = "The project that Sluice runs in."
  type        = string
}

variable "name" {
  description = "The module's `name`, with which its metrics begin."
  type        = string
  default     = "sluice"
}

variable "metrics" {
  description = "The module's output `metrics`: the types of its metrics by their names."
  type        = map(string)

  validation {
    condition     = length(setsubtract(["calls", "denials", "held", "strangers", "errors", "bypass", "latency", "unsealed_age", "foreign_entry"], keys(var.metrics))) == 0
    error_message = "metrics lacks one that a tile shows: give it the output `metrics` of the module."
  }
}
