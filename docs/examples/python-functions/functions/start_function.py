def start_function(conv):
    caller_id = conv.sip_headers.get("From", "Unknown Caller")
    print(f"Caller ID: {caller_id}")

    dialed_number = conv.callee_number
    if dialed_number == "+15557654321":
        conv.state.branch = "North Branch"
    else:
        conv.state.branch = "South Branch"

    conv.state.metadata = {
        "caller_id": conv.sip_headers.get("From", "Unknown"),
        "dialed_number": conv.callee_number,
    }

    if conv.caller_number == "+15551234567":
        conv.goto_flow("vip_support_flow")
    else:
        conv.goto_flow("general_support_flow")
