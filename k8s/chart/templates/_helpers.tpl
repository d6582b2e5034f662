{{/* The prefix of all names: the release's, with the chart's if that is not in it. */}}
{{- define "vitrine.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What selectors choose by; it never changes. */}}
{{- define "vitrine.selector" -}}
app.kubernetes.io/name: vitrine
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Of every object. */}}
{{- define "vitrine.labels" -}}
{{ include "vitrine.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: openstack
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Of pods, whose templates would change with the labels that name the chart. */}}
{{- define "vitrine.podLabels" -}}
{{ include "vitrine.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: openstack
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- with .Values.podLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "vitrine.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "vitrine.scaled" -}}
{{- if eq .Values.mode "scaled" }}true{{ end -}}
{{- end -}}

{{- define "vitrine.keystone" -}}
{{- if and (include "vitrine.scaled" .) (eq .Values.identity.kind "keystone") }}true{{ end -}}
{{- end -}}

{{- define "vitrine.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* Of a dict with root and component. */}}
{{- define "vitrine.componentSelector" -}}
{{ include "vitrine.selector" .root }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* One variable from a Secret, of a dict with name, secret and key. */}}
{{- define "vitrine.secretVariable" -}}
- name: {{ .name }}
  valueFrom: {secretKeyRef: {name: {{ .secret }}, key: {{ .key }}{{ if .optional }}, optional: true{{ end }}}}
{{- end -}}

{{/* How the database is reached; the Job of the migration and the init containers need nothing else. */}}
{{- define "vitrine.databaseEnv" -}}
{{- $secret := .Values.database.existingSecret -}}
{{- with .Values.database -}}
{{- if .url }}
- {name: VITRINE_DATABASE__URL, value: {{ .url | quote }}}
{{- else }}
{{ include "vitrine.secretVariable" (dict "name" "VITRINE_DATABASE__URL" "secret" $secret "key" .keys.uri) }}
{{- end }}
{{- with .keys.user }}
{{ include "vitrine.secretVariable" (dict "name" "VITRINE_DATABASE__USER" "secret" $secret "key" .) }}
{{- end }}
{{- with .keys.password }}
{{ include "vitrine.secretVariable" (dict "name" "VITRINE_DATABASE__PASSWORD" "secret" $secret "key" .) }}
{{- end }}
{{- with .tls.mode }}
- {name: VITRINE_DATABASE__TLS__MODE, value: {{ . | quote }}}
{{- end }}
{{- if .tls.caSecret }}
- {name: VITRINE_DATABASE__TLS__CA, value: /etc/vitrine-database/{{ .tls.caKey }}}
{{- end }}
{{- end -}}
{{- end -}}

{{- define "vitrine.databaseMounts" -}}
{{- if .Values.database.tls.caSecret }}
- {name: database-ca, mountPath: /etc/vitrine-database, readOnly: true}
{{- end }}
{{- end -}}

{{- define "vitrine.databaseVolumes" -}}
{{- with .Values.database.tls }}
{{- if .caSecret }}
- name: database-ca
  secret:
    secretName: {{ .caSecret }}
    items: [{key: {{ .caKey }}, path: {{ .caKey }}}]
{{- end }}
{{- end }}
{{- end -}}
