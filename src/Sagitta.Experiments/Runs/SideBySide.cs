namespace Sagitta.Experiments.Runs;

/// <summary>Independent jobs on several lanes. Each lane has threads of its own: two trainings on a thread each finish sooner than one
/// after the other on two, since no step waits for its slower half. Results do not depend on it.</summary>
internal static class SideBySide
{
    /// <summary>Runs jobs 0 to <paramref name="jobs"/> - 1, started in that order, and returns when all have ended. After a failure no
    /// further job starts, those that run end, and the failure of the lowest-numbered job is thrown, a cancellation only if nothing else
    /// failed.</summary>
    /// <param name="jobs">How many there are.</param>
    /// <param name="threadCount">Threads in all.</param>
    /// <param name="job">Gets its number and the threads of its lane.</param>
    public static void Run(int jobs, int threadCount, Action<int, WorkerThreads> job)
    {
        int lanes = Math.Clamp(jobs, 1, threadCount);
        Exception?[] failures = new Exception?[jobs];
        int next = -1;
        bool failed = false;
        void Work()
        {
            using WorkerThreads threads = new(threadCount / lanes);
            for (int i = Interlocked.Increment(ref next); i < jobs && !Volatile.Read(ref failed); i = Interlocked.Increment(ref next))
            {
                try
                {
                    job(i, threads);
                }
#pragma warning disable CA1031 // Every exception is handed on to the caller.
                catch (Exception problem)
#pragma warning restore CA1031
                {
                    failures[i] = problem;
                    Volatile.Write(ref failed, true);
                }
            }
        }

        Thread[] others = [.. Enumerable.Range(1, lanes - 1)
            .Select(lane => new Thread(Work) { IsBackground = true, Name = $"Sagitta lane {lane}" })];
        foreach (Thread thread in others)
        {
            thread.Start();
        }

        Work();
        foreach (Thread thread in others)
        {
            thread.Join();
        }

        Exception? first = Array.Find(failures, f => f is not null and not OperationCanceledException)
            ?? Array.Find(failures, f => f is not null);
        if (first is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }
}
