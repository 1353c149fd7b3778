variable "project_id" {
  description = "The project that Sluice runs in."
  type        = string
}

variable "region" {
  description = "Where its functions run."
  type        = string
}

variable "name" {
  description = "The module's `name`."
  type        = string
  default     = "sluice"
}

variable "gateway_host" {
  description = "The host under which clients call the gateway, such as sluice.acme.example. Its address record is yours to make: the output `address` says where to."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\\.[a-z]{2,}$", var.gateway_host))
    error_message = "gateway_host is the name of a host, without a scheme."
  }
}

variable "console_host" {
  description = "The host of the console, another one: what a browser keeps for one host, the other does not get."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\\.[a-z]{2,}$", var.console_host))
    error_message = "console_host is the name of a host, without a scheme."
  }

  validation {
    condition     = var.console_host != var.gateway_host
    error_message = "console_host is not that of the gateway."
  }
}

variable "slack" {
  description = "Whether Slack's buttons come in, at /slack/interactivity of the gateway's host."
  type        = bool
  default     = false
}

variable "calls_per_minute" {
  description = "So many requests a minute may come from one address; what is more gets 429. Agents behind one address share it."
  type        = number
  default     = 1200

  validation {
    condition     = var.calls_per_minute >= 10 && var.calls_per_minute <= 100000 && floor(var.calls_per_minute) == var.calls_per_minute
    error_message = "calls_per_minute is a whole number from 10 to 100000."
  }
}

variable "allowed_ranges" {
  description = "Only these address ranges get in, in CIDR notation; Slack's buttons come from anywhere. Default: everybody."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for range in var.allowed_ranges : can(cidrhost(range, 0))]) && length(var.allowed_ranges) <= 10
    error_message = "allowed_ranges are up to ten ranges, such as 203.0.113.0/24."
  }
}
