"""What is understood of the metrics of frameworks, each with its own names."""

import pytest

from failonce.observe.exposition import understand

FASTAPI = """
# TYPE http_requests_total counter
http_requests_total{handler="/a",method="GET",status="2xx"} 10
http_requests_total{handler="/a",method="GET",status="5xx"} 2
http_requests_total{handler="none",method="GET",status="5xx"} 1
# TYPE http_request_duration_highr_seconds histogram
http_request_duration_highr_seconds_bucket{le="0.01"} 9
http_request_duration_highr_seconds_bucket{le="+Inf"} 13
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{handler="/a",method="GET",le="0.1"} 8
http_request_duration_seconds_bucket{handler="/a",method="GET",le="+Inf"} 12
http_request_duration_seconds_count{handler="/a",method="GET"} 12
http_request_duration_seconds_sum{handler="/a",method="GET"} 1.5
# TYPE python_info gauge
python_info{implementation="CPython",version="3.11.4"} 1
"""

SPRING = """
# TYPE hikaricp_connections_max gauge
hikaricp_connections_max{pool="main"} 10
# TYPE hikaricp_connections_active gauge
hikaricp_connections_active{pool="main"} 9
# TYPE hikaricp_connections_pending gauge
hikaricp_connections_pending{pool="main"} 5
# TYPE executor_pool_size_threads gauge
executor_pool_size_threads 200
# TYPE jvm_info gauge
jvm_info{version="21"} 1
# TYPE build_info gauge
build_info{version="1.4.2"} 1
# TYPE http_server_request_duration_seconds histogram
http_server_request_duration_seconds_bucket{http_route="/a",http_response_status_code="200",le="+Inf"} 3
http_server_request_duration_seconds_count{http_route="/a",http_response_status_code="200"} 3
# TYPE http_client_request_duration_seconds histogram
http_client_request_duration_seconds_bucket{route="/x",status="500",le="+Inf"} 99
http_client_request_duration_seconds_count{route="/x",status="500"} 99
# TYPE http_server_active_requests gauge
http_server_active_requests 6
"""

PSYCOPG_POOL = """
# TYPE flask_http_request_duration_seconds histogram
flask_http_request_duration_seconds_bucket{path="/",status="503",le="+Inf"} 1
flask_http_request_duration_seconds_count{path="/",status="503"} 1
# TYPE db_pool_size gauge
db_pool_size 4
# TYPE db_pool_max gauge
db_pool_max 8
# TYPE db_pool_checked_out gauge
db_pool_checked_out{worker="1"} 3
db_pool_checked_out{worker="2"} 1
"""


def test_errors_come_from_a_counter_when_the_histogram_has_no_status():
    seen = understand(FASTAPI)
    assert seen.routes["/a"].buckets == {0.1: 8, float("inf"): 12}
    assert (seen.routes["/a"].errors, seen.routes[""].errors) == (2, 1)
    assert seen.release is None


def test_connection_pools_and_incoming_requests_only():
    seen = understand(SPRING)
    assert (seen.pool_size, seen.pool_in_use, seen.pool_waiting, seen.in_flight) == (10, 9, 5, 6)
    assert list(seen.routes) == ["/a"]
    assert seen.release == "1.4.2"


def test_a_pool_is_as_large_as_it_may_become_and_its_workers_add_up():
    seen = understand(PSYCOPG_POOL)
    assert (seen.pool_size, seen.pool_in_use, seen.pool_waiting) == (8, 4, None)
    assert seen.routes["/"].errors == 1


def test_without_durations_it_says_so():
    with pytest.raises(LookupError, match="no histogram"):
        understand("# TYPE up gauge\nup 1\n")
