/**
 * Every path of OpenAI's API that needs an admin key, one a line as in `endpoint-rows.ts`. Calls to them are
 * refused: an account key cannot make them, and an admin key must not be reachable through `/v1`.
 */
export const ADMIN_ROWS = `
/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions GET POST
/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions/{permission_id} DELETE
/organization/admin_api_keys GET POST
/organization/admin_api_keys/{key_id} DELETE GET
/organization/audit_logs GET
/organization/certificates GET POST
/organization/certificates/activate POST
/organization/certificates/deactivate POST
/organization/certificates/{certificate_id} DELETE GET POST
/organization/costs GET
/organization/data_retention GET POST
/organization/external_keys GET POST
/organization/external_keys/{external_key_id} DELETE GET
/organization/external_keys/{external_key_id}/validate POST
/organization/external_storage GET POST
/organization/external_storage/{external_storage_id} DELETE GET
/organization/external_storage/{external_storage_id}/validate POST
/organization/groups GET POST
/organization/groups/{group_id} DELETE GET POST
/organization/groups/{group_id}/roles GET POST
/organization/groups/{group_id}/roles/{role_id} DELETE GET
/organization/groups/{group_id}/users GET POST
/organization/groups/{group_id}/users/{user_id} DELETE GET
/organization/invites GET POST
/organization/invites/{invite_id} DELETE GET
/organization/projects GET POST
/organization/projects/{project_id} GET POST
/organization/projects/{project_id}/api_keys GET
/organization/projects/{project_id}/api_keys/{api_key_id} DELETE GET POST
/organization/projects/{project_id}/archive POST
/organization/projects/{project_id}/certificates GET
/organization/projects/{project_id}/certificates/activate POST
/organization/projects/{project_id}/certificates/deactivate POST
/organization/projects/{project_id}/data_retention GET POST
/organization/projects/{project_id}/groups GET POST
/organization/projects/{project_id}/groups/{group_id} DELETE GET
/organization/projects/{project_id}/hosted_tool_permissions GET POST
/organization/projects/{project_id}/model_permissions DELETE GET POST
/organization/projects/{project_id}/rate_limits GET
/organization/projects/{project_id}/rate_limits/{rate_limit_id} POST
/organization/projects/{project_id}/service_accounts GET POST
/organization/projects/{project_id}/service_accounts/{service_account_id} DELETE GET POST
/organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys POST
/organization/projects/{project_id}/service_tier_settings GET POST
/organization/projects/{project_id}/spend_alerts GET POST
/organization/projects/{project_id}/spend_alerts/{alert_id} DELETE GET POST
/organization/projects/{project_id}/spend_limit DELETE GET POST
/organization/projects/{project_id}/users GET POST
/organization/projects/{project_id}/users/{user_id} DELETE GET POST
/organization/roles GET POST
/organization/roles/{role_id} DELETE GET POST
/organization/spend_alerts GET POST
/organization/spend_alerts/{alert_id} DELETE GET POST
/organization/spend_limit DELETE GET POST
/organization/usage/audio_speeches GET
/organization/usage/audio_transcriptions GET
/organization/usage/code_interpreter_sessions GET
/organization/usage/completions GET
/organization/usage/decisions GET
/organization/usage/embeddings GET
/organization/usage/file_search_calls GET
/organization/usage/images GET
/organization/usage/moderations GET
/organization/usage/vector_stores GET
/organization/usage/web_search_calls GET
/organization/users GET
/organization/users/{user_id} DELETE GET POST
/organization/users/{user_id}/roles GET POST
/organization/users/{user_id}/roles/{role_id} DELETE GET
/organization/workload_identity_providers GET POST
/organization/workload_identity_providers/{workload_identity_provider_id} DELETE GET POST
/organization/workload_identity_providers/{workload_identity_provider_id}/federation_rules GET POST
/organization/workload_identity_providers/{workload_identity_provider_id}/federation_rules/{workload_identity_federation_rule_id} DELETE GET POST
/projects/{project_id}/groups/{group_id}/roles GET POST
/projects/{project_id}/groups/{group_id}/roles/{role_id} DELETE GET
/projects/{project_id}/roles GET POST
/projects/{project_id}/roles/{role_id} DELETE GET POST
/projects/{project_id}/users/{user_id}/roles GET POST
/projects/{project_id}/users/{user_id}/roles/{role_id} DELETE GET
`;
