namespace Sagitta.Physics.Simulation;

/// <summary>Simulates and digitises runs of events with reused memory: one a thread.</summary>
internal sealed class SimulationChunk(Detector detector, SimulationOptions options)
{
    private readonly MuonTransport _transport = new(detector, options.Vertex);
    private readonly Digitiser _digitiser = new(detector, options.Digitisation);
    private readonly DepositSet _deposits = new(detector.Planes.Count);

    /// <summary>Adds the events first .. first + count - 1.</summary>
    public void Generate(RandomKey root, long first, int count, EventSetBuilder events)
    {
        _deposits.Clear();
        for (long number = first; number < first + count; number++)
        {
            _transport.Simulate(number, root, _deposits);
        }

        for (int i = 0; i < _deposits.Count; i++)
        {
            _digitiser.Digitise(_deposits, i, root, events);
        }
    }
}
