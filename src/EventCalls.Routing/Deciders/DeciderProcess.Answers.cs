using EventCalls.Routing.Deciders.Wire;

namespace EventCalls.Routing.Deciders;

// What comes back from the process, until it ends.
public sealed partial class DeciderProcess
{
    private void Read()
    {
        string? error = null;
        try
        {
            var buffer = new FrameBuffer();
            while (buffer.Read(_fromProcess))
            {
                while (buffer.Next(out var message))
                    Handle(message);
                lock (_gate)
                {
                    if (!MaySend())
                        continue;
                    _sending = true;
                }

                Send();
            }
        }
        catch (Exception e)
        {
            // Of the pipe, or an answer that cannot be read: of neither more can come.
            error = e.Message;
            Kill(DeciderEnd.Crashed, $"its answer cannot be read: {e.Message}");
        }

        End(error);
    }

    private void Handle(ReadOnlySpan<byte> message)
    {
        var from = new WireReader(message[1..], _texts);
        switch ((MessageKind)message[0])
        {
            case MessageKind.Hello:
                Greet(from.Guid());
                break;
            case MessageKind.Decided:
                Answered(from.UInt())?.Complete(ResultWire.Read(ref from));
                break;
            case MessageKind.Failed:
                var failed = Answered(from.UInt());
                failed?.Fail(new InvalidOperationException($"The decider failed: {from.Text()}"));
                break;
            case MessageKind.Loaded:
                Loaded((long)from.UInt(), ref from);
                break;
            default:
                throw new InvalidDataException($"an answer of kind {message[0]}");
        }
    }

    private void Greet(Guid build)
    {
        _mark.Unlink();
        if (build == DeciderBuild.Id)
            _hello.TrySetResult();
        else
            _hello.TrySetException(new IOException("The program on the disk is another build than the one that runs; restart it."));
    }

    private PendingDecision? Answered(ulong id)
    {
        lock (_gate)
        {
            if (!_asked.TryDequeue(out var decision) || decision.Id != (long)id)
                throw new InvalidDataException($"an answer to {id} that was not asked next");
            if (++_answeredOfBatch == _batches.Peek())
            {
                _batches.Dequeue();
                _answeredOfBatch = 0;
            }

            return decision;
        }
    }

    private void Loaded(long id, ref WireReader from)
    {
        PendingLoad? load;
        lock (_gate)
            _loads.Remove(id, out load);
        if (load is null)
            return;
        var check = LogicWire.ReadCheck(ref from, load.Sources);
        if (load.Logic is { } given)
            check = check.Diagnostics.Count == 0 ? check with { Logic = given, Flows = given.Flows } : check;
        else if (check.Logic is { } compiled)
            _messages.Versions.Add(compiled, load.Number);
        load.Done.TrySetResult(check);
    }

    private void End(string? error)
    {
        List<PendingDecision> left;
        List<PendingLoad> loads;
        _errors.WaitToEnd();
        _process.WaitForExit();
        long began = Math.Abs(_mark.Current);
        lock (_gate)
        {
            _ended = true;
            left = [.. _asked, .. _waiting];
            loads = [.. _loads.Values];
            _asked.Clear();
            _waiting.Clear();
            _loads.Clear();
            _orders.Clear();
        }

        var (kind, message) = _errors.Seen ?? _killed ?? (DeciderEnd.Crashed, $"it ended with code {_process.ExitCode}{_errors.Tail}{error}");
        var guilty = left.FirstOrDefault(d => d.Id == began && began != 0);
        _hello.TrySetException(new IOException($"A decider did not start: {message}"));
        foreach (var load in loads)
            load.Done.TrySetResult(load.Died(message));
        _process.Dispose();
        _mark.Dispose();
        _completion.TrySetResult(new DeciderDeath(kind, message, guilty, [.. left.Where(d => d != guilty)]));
    }
}
