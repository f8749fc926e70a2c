/**
 * Every path of OpenAI's API that an ordinary key may call, one a line: the path below `/v1`, then its methods.
 * After a colon, what is special about a method: i inference (routed, failed over) · s may stream ·
 * m takes multipart · b answers bytes that are not JSON · w is a WebSocket upgrade.
 */
export const API_ROWS = `
/agents GET POST
/agents/automations GET POST
/agents/automations/{automation_id} DELETE GET POST
/agents/automations/{automation_id}/invocations GET POST
/agents/automations/{automation_id}/invocations/{invocation_id} GET
/agents/automations/{automation_id}/pause POST
/agents/automations/{automation_id}/resume POST
/agents/environments GET POST
/agents/environments/templates GET POST
/agents/environments/templates/{environment_template_id} DELETE GET POST
/agents/environments/{environment_id} GET
/agents/environments/{environment_id}/files GET POST
/agents/sessions GET
/agents/sessions/{session_id} DELETE GET POST
/agents/sessions/{session_id}/artifacts GET
/agents/sessions/{session_id}/artifacts/{artifact_id} DELETE GET
/agents/sessions/{session_id}/artifacts/{artifact_id}/content GET:b
/agents/sessions/{session_id}/events GET:s POST
/agents/sessions/{session_id}/items GET
/agents/sessions/{session_id}/subagents GET
/agents/sessions/{session_id}/subagents/{subagent_id} GET
/agents/sessions/{session_id}/subagents/{subagent_id}/items GET
/agents/sessions/{session_id}/subagents/{subagent_id}/turns GET
/agents/sessions/{session_id}/subagents/{subagent_id}/turns/{turn_id} GET
/agents/sessions/{session_id}/subagents/{subagent_id}/turns/{turn_id}/items GET
/agents/sessions/{session_id}/traces GET
/agents/sessions/{session_id}/turns GET
/agents/sessions/{session_id}/turns/{turn_id} GET
/agents/sessions/{session_id}/turns/{turn_id}/items GET
/agents/{agent_id} DELETE GET POST
/assistants GET POST
/assistants/{assistant_id} DELETE GET POST
/audio/speech POST:ibs
/audio/transcriptions POST:ims
/audio/translations POST:im
/audio/voice_consents GET POST:m
/audio/voice_consents/{consent_id} DELETE GET POST
/audio/voices POST:m
/audio/voices/{voice_id} DELETE
/batches GET POST
/batches/{batch_id} GET
/batches/{batch_id}/cancel POST
/chat/completions GET POST:is
/chat/completions/{completion_id} DELETE GET POST
/chat/completions/{completion_id}/messages GET
/chatkit/sessions POST
/chatkit/sessions/{session_id}/cancel POST
/chatkit/threads GET
/chatkit/threads/{thread_id} DELETE GET
/chatkit/threads/{thread_id}/items GET
/completions POST:is
/containers GET POST
/containers/{container_id} DELETE GET
/containers/{container_id}/files GET POST:m
/containers/{container_id}/files/{file_id} DELETE GET
/containers/{container_id}/files/{file_id}/content GET:b
/content_provenance_checks POST:m
/conversations POST
/conversations/{conversation_id} DELETE GET POST
/conversations/{conversation_id}/items GET POST
/conversations/{conversation_id}/items/{item_id} DELETE GET
/decisions POST:i
/embeddings POST:i
/evals GET POST
/evals/{eval_id} DELETE GET POST
/evals/{eval_id}/runs GET POST
/evals/{eval_id}/runs/{run_id} DELETE GET POST
/evals/{eval_id}/runs/{run_id}/cancel POST
/evals/{eval_id}/runs/{run_id}/output_items GET
/evals/{eval_id}/runs/{run_id}/output_items/{output_item_id} GET
/files GET POST:m
/files/{file_id} DELETE GET
/files/{file_id}/content GET:b
/fine_tuning/alpha/graders/run POST
/fine_tuning/alpha/graders/validate POST
/fine_tuning/jobs GET POST
/fine_tuning/jobs/{fine_tuning_job_id} GET
/fine_tuning/jobs/{fine_tuning_job_id}/cancel POST
/fine_tuning/jobs/{fine_tuning_job_id}/checkpoints GET
/fine_tuning/jobs/{fine_tuning_job_id}/events GET
/fine_tuning/jobs/{fine_tuning_job_id}/pause POST
/fine_tuning/jobs/{fine_tuning_job_id}/resume POST
/images/edits POST:ims
/images/generations POST:is
/images/variations POST:im
/live/sessions GET:w POST
/live/sessions/{session_id}/accept POST
/live/sessions/{session_id}/attach GET:w
/live/sessions/{session_id}/content GET:b
/live/sessions/{session_id}/fork GET:w POST
/live/sessions/{session_id}/hangup POST
/live/sessions/{session_id}/refer POST
/live/sessions/{session_id}/reject POST
/models GET
/models/{model} DELETE GET
/moderations POST:i
/realtime GET:w
/realtime/calls POST:bm
/realtime/calls/{call_id}/accept POST
/realtime/calls/{call_id}/hangup POST
/realtime/calls/{call_id}/refer POST
/realtime/calls/{call_id}/reject POST
/realtime/client_secrets POST
/realtime/sessions POST
/realtime/transcription_sessions POST
/realtime/translations GET:w
/realtime/translations/client_secrets POST
/responses GET:w POST:is
/responses/compact POST:i
/responses/input_tokens POST:i
/responses/{response_id} DELETE GET:s
/responses/{response_id}/cancel POST
/responses/{response_id}/input_items GET
/safety/alerts/{id} GET
/safety/cases/{id} GET
/skills GET POST:m
/skills/{skill_id} DELETE GET POST
/skills/{skill_id}/content GET:b
/skills/{skill_id}/versions GET POST:m
/skills/{skill_id}/versions/{version} DELETE GET
/skills/{skill_id}/versions/{version}/content GET:b
/threads POST
/threads/runs POST:s
/threads/{thread_id} DELETE GET POST
/threads/{thread_id}/messages GET POST
/threads/{thread_id}/messages/{message_id} DELETE GET POST
/threads/{thread_id}/runs GET POST:s
/threads/{thread_id}/runs/{run_id} GET POST
/threads/{thread_id}/runs/{run_id}/cancel POST
/threads/{thread_id}/runs/{run_id}/steps GET
/threads/{thread_id}/runs/{run_id}/steps/{step_id} GET
/threads/{thread_id}/runs/{run_id}/submit_tool_outputs POST:s
/uploads POST
/uploads/{upload_id}/cancel POST
/uploads/{upload_id}/complete POST
/uploads/{upload_id}/parts POST:m
/vaults GET POST
/vaults/{vault_id} DELETE GET POST
/vaults/{vault_id}/credentials GET POST
/vaults/{vault_id}/credentials/{credential_id} DELETE GET POST
/vector_stores GET POST
/vector_stores/{vector_store_id} DELETE GET POST
/vector_stores/{vector_store_id}/file_batches POST
/vector_stores/{vector_store_id}/file_batches/{batch_id} GET
/vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel POST
/vector_stores/{vector_store_id}/file_batches/{batch_id}/files GET
/vector_stores/{vector_store_id}/files GET POST
/vector_stores/{vector_store_id}/files/{file_id} DELETE GET POST
/vector_stores/{vector_store_id}/files/{file_id}/content GET
/vector_stores/{vector_store_id}/search POST
/videos GET POST:m
/videos/characters POST:m
/videos/characters/{character_id} GET
/videos/edits POST:m
/videos/extensions POST:m
/videos/{video_id} DELETE GET
/videos/{video_id}/content GET:b
/videos/{video_id}/remix POST:m
/webhook_endpoints GET POST
/webhook_endpoints/{webhook_endpoint_id} DELETE GET POST
/webhook_endpoints/{webhook_endpoint_id}/rotate_secret POST
/webhook_endpoints/{webhook_endpoint_id}/test POST
/webhook_event_types GET
`;
