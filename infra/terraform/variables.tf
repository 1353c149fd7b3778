variable "project_id" {
  description = "The Google Cloud project that Sluice runs in. Best one of its own: whoever owns the project owns the record."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is the id of a project, such as acme-sluice."
  }
}

variable "region" {
  description = "Where the functions run."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a Google Cloud region, such as europe-west3."
  }
}

variable "firestore_location" {
  description = "Where record and operations are kept: a region, or nam5 or eur3. It cannot be changed later. Default: the region."
  type        = string
  default     = null
}

variable "name" {
  description = "Prefix of everything that is made here."
  type        = string
  default     = "sluice"

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$", var.name))
    error_message = "name is up to 12 lower-case letters, digits and hyphens: accounts and buckets are named after it."
  }
}

variable "artifacts" {
  description = "The folder that `npm run build` wrote, with one zip per function."
  type        = string

  validation {
    condition     = fileexists("${var.artifacts}/gateway.zip")
    error_message = "artifacts has no gateway.zip: run `npm run build`, and name its dist folder."
  }
}

variable "policy" {
  description = "Path of the policy file. Who controls it decides who sees which data."
  type        = string

  validation {
    condition     = fileexists(var.policy)
    error_message = "policy names no file."
  }
}

variable "connections" {
  description = "Service accounts that the policy's connections impersonate, as they are or to be made by you: `name@project.iam.gserviceaccount.com`. Sluice gets leave to act as them; what they may read is yours to grant."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for each in var.connections : can(regex("^[a-z0-9-]+@[a-z0-9.-]+\\.gserviceaccount\\.com$", each))])
    error_message = "connections are addresses of service accounts."
  }
}

variable "public_functions" {
  description = "Functions that anybody on the internet may call; Sluice itself then verifies their tokens. Clients that cannot also send a Google identity token need `gateway`, browsers `console`, Slack `slack`."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.public_functions, ["gateway", "console", "slack"])) == 0
    error_message = "only gateway, console and slack can be public: the others are called by Google."
  }
}

variable "url" {
  description = "The https URL under which clients reach the gateway, when that is not the function's own: a custom domain, or a load balancer. It is issuer and audience of Sluice's tokens."
  type        = string
  default     = null

  validation {
    condition     = var.url == null || can(regex("^https://[^/?#@]+(/[^?#]*[^/?#])?$", var.url))
    error_message = "url is an https URL without a slash at its end."
  }
}

variable "console_url" {
  description = "Likewise of the console, whose pages begin at the root of a host: https and a host, and no path."
  type        = string
  default     = null

  validation {
    condition     = var.console_url == null || can(regex("^https://[^/?#@]+$", var.console_url))
    error_message = "console_url is https and a host, and no path."
  }
}

variable "log_origin" {
  description = "The name of the log, which never changes: host and path without a scheme, such as sluice.acme.example/log."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9.-]+(/[a-z0-9._/-]*[a-z0-9])?$", var.log_origin)) && length(var.log_origin) <= 200
    error_message = "log_origin is host and path without a scheme, such as sluice.acme.example/log."
  }
}

variable "slack" {
  description = "Whether votes are cast in Slack too. Its bot token and signing secret are secrets that this makes empty; the outputs say how to fill them."
  type        = bool
  default     = false
}

variable "ingress" {
  description = "Who can reach the public functions: ALLOW_ALL, or ALLOW_INTERNAL_AND_GCLB behind a load balancer."
  type        = string
  default     = "ALLOW_ALL"

  validation {
    condition     = contains(["ALLOW_ALL", "ALLOW_INTERNAL_AND_GCLB", "ALLOW_INTERNAL_ONLY"], var.ingress)
    error_message = "ingress is ALLOW_ALL, ALLOW_INTERNAL_AND_GCLB or ALLOW_INTERNAL_ONLY."
  }
}

variable "proxy_hops" {
  description = "Proxies in front that append to X-Forwarded-For: 1 behind Google's front end, 2 behind a load balancer."
  type        = number
  default     = 1

  validation {
    condition     = var.proxy_hops >= 0 && var.proxy_hops <= 5 && floor(var.proxy_hops) == var.proxy_hops
    error_message = "proxy_hops is a whole number from 0 to 5."
  }
}

variable "instances" {
  description = "How many instances of the gateway there are at least and at most. At least one keeps first queries fast, and costs as long as it waits."
  type = object({
    min = optional(number, 0)
    max = optional(number, 20)
  })
  default = {}

  validation {
    condition     = var.instances.min >= 0 && var.instances.max >= 1 && var.instances.min <= var.instances.max
    error_message = "instances: min is at most max, and max at least 1."
  }
}

variable "log_lock_days" {
  description = "For so many days nobody can delete what the log publishes, not even an owner of the project. 0: not locked."
  type        = number
  default     = 0

  validation {
    condition     = var.log_lock_days >= 0 && var.log_lock_days <= 36500
    error_message = "log_lock_days is from 0 to 36500."
  }
}

variable "protect" {
  description = "Whether terraform may not delete databases, keys and buckets. Leave it on wherever the record matters."
  type        = bool
  default     = true
}

variable "kms_key" {
  description = "A Cloud KMS key (CMEK) for databases and buckets, such as projects/P/locations/L/keyRings/R/cryptoKeys/K. Its location must be theirs. Default: Google's keys."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "kms_key is the full name of a key."
  }
}

variable "vpc_connector" {
  description = "A Serverless VPC Access connector through which everything leaves, for a VPC Service Controls perimeter. Default: none."
  type        = string
  default     = null
}

variable "alert_emails" {
  description = "Who hears when something is wrong."
  type        = set(string)
  default     = []
}

variable "cloud_audit_logs" {
  description = "Whether BigQuery's data access logs are exported to a table that the reconciler compares the record with."
  type        = bool
  default     = false
}
