using EventCalls.Routing.Deciders.Wire;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciders;

// How what is asked goes to the process.
public sealed partial class DeciderProcess
{
    // The last request of a batch may go beyond its size.
    private const int MostBeyondBatch = 4 * 1024;

    private bool MaySend() => !_sending && (_orders.Count > 0 || (_waiting.Count > 0 && _batches.Count < BatchesAtOnce));

    private Task<LogicCheck> OrderAsync(PendingLoad load, MessageKind kind, Action<WireWriter> write)
    {
        Order(to =>
        {
            long id = ++_lastId;
            load.Number = load.Logic is { } logic ? _messages.Versions.Number(logic, out _) : _messages.Versions.Next();
            lock (_gate)
                _loads[id] = load;
            int message = to.BeginMessage(kind);
            to.UInt((ulong)id);
            write(to);
            to.EndMessage(message);
        });
        lock (_gate)
        {
            if (_ended)
                load.Done.TrySetResult(load.Died("it had ended before"));
        }

        return load.Done.Task;
    }

    private void Order(Action<WireWriter> write)
    {
        lock (_gate)
        {
            if (_ended)
                return;
            _orders.Enqueue(write);
            if (_sending)
                return;
            _sending = true;
        }

        // It may be long, and block until the process has read it.
        ThreadPool.UnsafeQueueUserWorkItem(static self => self.Send(), this, preferLocal: false);
    }

    // One thread at a time: whoever finds nobody sending. What comes meanwhile is sent by it, or when an answer comes.
    private void Send()
    {
        try
        {
            while (true)
            {
                lock (_gate)
                {
                    _sending = false;
                    if (_ended || !MaySend())
                        return;
                    _sending = true;
                }

                _writer.Clear();
                while (TryDequeueOrder(out var order))
                    order(_writer);
                Encode();
                // A pipe holds 64 KB, which two batches fit into: such a write never waits for the process to read. What is larger must not
                // hold up who asks, or who reads the answers.
                if (_writer.Length > _options.BatchBytes + MostBeyondBatch)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(static self => self.WriteAndGoOn(), this, preferLocal: false);
                    return;
                }

                _toProcess.Write(_writer.Written);
            }
        }
        catch (IOException)
        {
            // The process has ended; what reads from it sees to that. Nothing more is sent.
        }
        catch (Exception e)
        {
            Kill(DeciderEnd.Crashed, $"it could not be written to: {e.Message}");
        }
    }

    private void WriteAndGoOn()
    {
        try
        {
            _toProcess.Write(_writer.Written);
        }
        catch (IOException)
        {
            return;
        }

        Send();
    }

    private bool TryDequeueOrder(out Action<WireWriter> order)
    {
        lock (_gate)
            return _orders.TryDequeue(out order!);
    }

    private void Encode()
    {
        int count = 0;
        lock (_gate)
        {
            if (_batches.Count >= BatchesAtOnce)
                return;
            while (_writer.Length < _options.BatchBytes && _waiting.TryDequeue(out var decision))
            {
                decision.Id = ++_lastId;
                _asked.Enqueue(decision);
                _messages.Ask(decision);
                count++;
            }

            if (count > 0)
                _batches.Enqueue(count);
        }
    }
}
