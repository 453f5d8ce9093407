<?php // Whether a token is good. LINKMINT_URL is http://127.0.0.1:8787, LINKMINT_API_KEY an API key.
$headers = "X-API-KEY: " . getenv("LINKMINT_API_KEY") . "\r\ncontent-type: application/json";
$http = ["method" => "POST", "header" => $headers, "content" => json_encode(["token" => $argv[1]]),
    "ignore_errors" => true, "timeout" => 10];
$answer = json_decode(file_get_contents(getenv("LINKMINT_URL") . "/v1/check", false, stream_context_create(["http" => $http])), true);
echo explode(" ", $http_response_header[0])[1], " ", $answer["message"] ?? $answer["detail"], "\n";
