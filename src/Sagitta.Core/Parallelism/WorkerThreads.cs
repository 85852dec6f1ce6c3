using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Sagitta.Core.Parallelism;

/// <summary>
/// Threads of our own that share out numbered chunks. The borders of chunks are the caller's and never depend on the number of
/// threads; a chunk goes to whichever thread is free. A call allocates nothing. Between calls that follow each other closely the
/// threads spin for up to a millisecond, all but its beginning in favour of whatever else wants the processor, then they block:
/// waking a thread takes some tens of microseconds, several times a training step.
/// </summary>
/// <remarks>
/// The calling thread works as number 0. It waits for chunks, not for threads: a thread that the system has not woken by the
/// time the work is done costs nothing. One call at a time.
/// </remarks>
internal sealed class WorkerThreads : IDisposable
{
    private static readonly long _spinTicks = Stopwatch.Frequency / 1_000_000 * 60;
    private static readonly long _yieldTicks = Stopwatch.Frequency / 1_000_000 * 1000;
    private readonly Thread[] _threads;
    private readonly object _gate = new();
    private readonly DelegateWork _delegateWork = new();
    private readonly bool _spin = Environment.ProcessorCount > 1;

    // Number of the call in the upper half, chunks not yet taken in the lower. A chunk is taken by one compare-and-swap of both,
    // so a thread that comes late from an earlier call can't take a chunk of a later one by an outdated plan.
    private long _ticket;
    private IChunkWork? _work;
    private int _chunks;
    private int _unfinished;
    private int _sleeping;
    private bool _callerSleeps;
    private bool _stopping;
    private int _busy;
    private int _failedChunk;
    private ExceptionDispatchInfo? _failure;

    /// <summary>The largest number that may be asked for: beyond it threads only stand in each other's way.</summary>
    public static int Most { get; } = Math.Max(64, 4 * Environment.ProcessorCount);

    /// <summary>Starts threads.</summary>
    /// <param name="count">Threads that work at the same time, the caller included; 1 starts none.</param>
    public WorkerThreads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Most);
        Count = count;
        _threads = new Thread[count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new(() => Serve(worker)) { IsBackground = true, Name = $"Sagitta worker {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads that work at the same time, the caller included.</summary>
    public int Count { get; }

    /// <summary>
    /// Runs chunks 0 to <paramref name="chunks"/> - 1 and returns when all have ended. If chunks throw, all others still run
    /// and the exception of the lowest-numbered one is thrown here.
    /// </summary>
    public void Run(int chunks, IChunkWork work)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chunks);
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (chunks == 0)
        {
            return;
        }

        Claim();
        RunClaimed(chunks, work);
    }

    /// <summary>As <see cref="Run(int, IChunkWork)"/>, with a delegate that takes chunk and worker; hold on to it to allocate
    /// nothing.</summary>
    public void Run(int chunks, Action<int, int> work)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chunks);
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (chunks == 0)
        {
            return;
        }

        Claim();
        _delegateWork.Body = work;
        RunClaimed(chunks, _delegateWork);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void Claim()
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            throw new InvalidOperationException(
                "These threads are busy with another call: chunks must not start work on the threads that run them.");
        }
    }

    private void RunClaimed(int chunks, IChunkWork work)
    {
        _work = work;
        _chunks = chunks;
        _unfinished = chunks;
        _failure = null;
        long call = (Volatile.Read(ref _ticket) >> 32) + 1;
        Interlocked.Exchange(ref _ticket, (call << 32) | (uint)chunks);
        if (chunks > 1 && Volatile.Read(ref _sleeping) > 0)
        {
            lock (_gate)
            {
                Monitor.PulseAll(_gate);
            }
        }

        TakeChunks(worker: 0);
        AwaitChunks();
        _work = null;
        ExceptionDispatchInfo? failure = _failure;
        Volatile.Write(ref _busy, 0);
        failure?.Throw();
    }

    private void Serve(int worker)
    {
        while (!Volatile.Read(ref _stopping))
        {
            TakeChunks(worker);
            AwaitWork();
        }
    }

    private void TakeChunks(int worker)
    {
        while (true)
        {
            long ticket = Volatile.Read(ref _ticket);
            int left = (int)(uint)ticket;
            if (left == 0)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _ticket, ticket - 1, ticket) != ticket)
            {
                continue;
            }

            int chunk = _chunks - left;
            try
            {
                _work!.Run(chunk, worker);
            }
#pragma warning disable CA1031 // Every exception is handed on to the caller.
            catch (Exception problem)
#pragma warning restore CA1031
            {
                Remember(chunk, problem);
            }

            if (Interlocked.Decrement(ref _unfinished) == 0 && Volatile.Read(ref _callerSleeps))
            {
                lock (_gate)
                {
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    private void Remember(int chunk, Exception problem)
    {
        lock (_gate)
        {
            if (_failure is null || chunk < _failedChunk)
            {
                _failedChunk = chunk;
                _failure = ExceptionDispatchInfo.Capture(problem);
            }
        }
    }

    private void AwaitChunks()
    {
        if (Volatile.Read(ref _unfinished) == 0)
        {
            return;
        }

        long start = Stopwatch.GetTimestamp();
        while (Spin(start))
        {
            if (Volatile.Read(ref _unfinished) == 0)
            {
                return;
            }
        }

        lock (_gate)
        {
            Volatile.Write(ref _callerSleeps, true);
            Interlocked.MemoryBarrier();
            while (Volatile.Read(ref _unfinished) != 0)
            {
                Monitor.Wait(_gate);
            }

            Volatile.Write(ref _callerSleeps, false);
        }
    }

    private void AwaitWork()
    {
        long start = Stopwatch.GetTimestamp();
        while (Spin(start))
        {
            if ((uint)Volatile.Read(ref _ticket) != 0 || Volatile.Read(ref _stopping))
            {
                return;
            }
        }

        lock (_gate)
        {
            Interlocked.Increment(ref _sleeping);
            while ((uint)Volatile.Read(ref _ticket) == 0 && !_stopping)
            {
                Monitor.Wait(_gate);
            }

            Interlocked.Decrement(ref _sleeping);
        }
    }

    // Waits a moment; false once it is time to block. Where others want the processor they get it soon: work of ours may be among them.
    private bool Spin(long start)
    {
        long waited = Stopwatch.GetTimestamp() - start;
        if (!_spin || waited > _yieldTicks)
        {
            return false;
        }

        if (waited > _spinTicks)
        {
            Thread.Yield();
        }

        Thread.SpinWait(10);
        return true;
    }

    private sealed class DelegateWork : IChunkWork
    {
        public Action<int, int>? Body { get; set; }

        public void Run(int chunk, int worker) => Body!(chunk, worker);
    }
}

/// <summary>Work that falls into numbered, independent chunks; see <see cref="WorkerThreads"/>.</summary>
internal interface IChunkWork
{
    /// <summary>
    /// Does one chunk. Chunks run in any order and at the same time, each exactly once.
    /// </summary>
    /// <param name="chunk">Number of the chunk; results may depend on it.</param>
    /// <param name="worker">
    /// Number of the thread, below <see cref="WorkerThreads.Count"/>: no two chunks run at the same time with the same number, so it
    /// may choose scratch memory, but results must not depend on it.
    /// </param>
    void Run(int chunk, int worker);
}
