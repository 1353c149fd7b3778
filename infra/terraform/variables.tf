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

variable "functions" {
  description = "What functions are given that is not the usual: memory (such as `2Gi`), cpu, concurrency, timeout_seconds, min_instances, max_instances, by the name of the function. At least one instance of the gateway keeps first queries fast, and costs as long as it waits."
  type = map(object({
    memory          = optional(string)
    cpu             = optional(string)
    concurrency     = optional(number)
    timeout_seconds = optional(number)
    min_instances   = optional(number)
    max_instances   = optional(number)
  }))
  default = {}

  validation {
    condition     = length(setsubtract(keys(var.functions), ["gateway", "console", "approval-notifier", "approval-resolver", "sweeper", "log-publisher", "retainer", "reconciler", "slack"])) == 0
    error_message = "functions names a function that there is not."
  }

  validation {
    condition     = alltrue([for each in values(var.functions) : each.memory == null || can(regex("^(256Mi|512Mi|1Gi|2Gi|4Gi|8Gi|16Gi)$", each.memory))])
    error_message = "memory is 256Mi, 512Mi, 1Gi, 2Gi, 4Gi, 8Gi or 16Gi."
  }

  validation {
    condition     = alltrue([for each in values(var.functions) : each.cpu == null || contains(["1", "2", "4", "6", "8"], coalesce(each.cpu, "1"))])
    error_message = "cpu is 1, 2, 4, 6 or 8: with less, Cloud Run lets an instance answer one request at a time."
  }

  validation {
    condition     = alltrue([for each in values(var.functions) : each.concurrency == null || (coalesce(each.concurrency, 1) >= 1 && coalesce(each.concurrency, 1) <= 1000)])
    error_message = "concurrency is from 1 to 1000."
  }

  validation {
    condition     = alltrue([for each in values(var.functions) : each.timeout_seconds == null || (coalesce(each.timeout_seconds, 60) >= 30 && coalesce(each.timeout_seconds, 60) <= 3600)])
    error_message = "timeout_seconds is from 30 to 3600."
  }

  validation {
    condition     = alltrue([for each in values(var.functions) : coalesce(each.min_instances, 0) >= 0 && coalesce(each.max_instances, 1000) >= 1 && coalesce(each.max_instances, 1000) <= 1000])
    error_message = "min_instances is at least 0, max_instances from 1 to 1000."
  }

  validation {
    condition     = alltrue([for each in values(var.functions) : coalesce(each.min_instances, 0) <= coalesce(each.max_instances, 1000)])
    error_message = "min_instances is at most max_instances."
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

variable "runbook" {
  description = "Where the runbook is that alerts name: an https URL, or a path in your copy of this repository."
  type        = string
  default     = "docs/runbook.md"
}

variable "slow_call_ms" {
  description = "An alert tells when one permitted query in twenty took longer than so many milliseconds, BigQuery's own time among them."
  type        = number
  default     = 30000

  validation {
    condition     = var.slow_call_ms >= 100 && var.slow_call_ms <= 3600000
    error_message = "slow_call_ms is from 100 to 3600000."
  }
}

variable "telemetry" {
  description = "Whether functions send traces and metrics through OpenTelemetry."
  type        = bool
  default     = false
}

variable "telemetry_endpoint" {
  description = "The OTLP endpoint that they are sent to: Google's own, which gets the function's token, or your collector. Who controls it sees which methods are called, on which tables, and how long they take."
  type        = string
  default     = "https://telemetry.googleapis.com"

  validation {
    condition     = can(regex("^https://[^/?#@]+(/[^?#]*[^/?#])?$", var.telemetry_endpoint))
    error_message = "telemetry_endpoint is an https URL without a slash at its end."
  }
}

variable "telemetry_ratio" {
  description = "Which part of all calls is traced: 1 all of them, 0.1 one in ten."
  type        = number
  default     = 0.1

  validation {
    condition     = var.telemetry_ratio >= 0 && var.telemetry_ratio <= 1
    error_message = "telemetry_ratio is from 0 to 1."
  }
}

variable "backup_days" {
  description = "How many daily backups are kept of each database. Each is billed whole, and remembers what was erased meanwhile."
  type        = number
  default     = 14

  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 98 && floor(var.backup_days) == var.backup_days
    error_message = "backup_days is a whole number from 1 to 98: Firestore keeps no backup for longer."
  }
}
