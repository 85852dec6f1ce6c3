using System.Runtime.CompilerServices;

namespace Sagitta.Physics.Simulation;

/// <summary>What transport computes once of a detector: steps, loss tables, layers that free electrons. Immutable, shared by
/// threads.</summary>
internal sealed class TransportPlan
{
    /// <summary>Mean number of transfers per step that are drawn one by one; smaller ones make a Gaussian.</summary>
    public const double HardTransfers = 0.1;

    // The gap that the law of deposits was tuned in, mm g/cm3.
    private const double TunedLength = 5 * 0.00167251;

    // Plans live as long as their detectors: making one takes as long as simulating some hundred events.
    private static readonly ConditionalWeakTable<Detector, TransportPlan> _plans = [];

    private TransportPlan(Detector detector)
    {
        Steps = [.. TransportStep.Through(detector)];
        SoftLoss = [.. Steps.Select(step => new MomentumTable(momentum => SoftLossIn(step, momentum)))];
        LocalDeposit = [.. detector.Planes.Select(plane => new MomentumTable(momentum => LocalDepositIn(detector.GasOf(plane), momentum)))];
        TunedGaps = [.. detector.Planes.Select(plane => plane.GapThickness * detector.GasOf(plane).Density / TunedLength)];
        Tracker = new(detector);
        Source = new(detector, Tracker);
    }

    /// <summary>One a plane.</summary>
    public TransportStep[] Steps { get; }

    /// <summary>Per step: mean loss by soft transfers at normal incidence, GeV.</summary>
    public MomentumTable[] SoftLoss { get; }

    /// <summary>Per plane: mean deposit by transfers that stay on the muon's path, keV/mm.</summary>
    public MomentumTable[] LocalDeposit { get; }

    /// <summary>Per plane: mass per area of the gap over that of the gap where the law of deposits was tuned.</summary>
    public double[] TunedGaps { get; }

    /// <summary>Follows electrons.</summary>
    public ElectronTracker Tracker { get; }

    /// <summary>Where they come from.</summary>
    public ElectronSource Source { get; }

    /// <summary>The plan of a detector, made when it is first asked for.</summary>
    public static TransportPlan Of(Detector detector) => _plans.GetValue(detector, key => new(key));

    private static double SoftLossIn(TransportStep step, double momentum)
    {
        double loss = 0;
        foreach (TraversedSlab slab in step.Slabs)
        {
            loss += BetheLoss.Restricted(slab.Material, momentum, step.LossStrength / HardTransfers) * slab.Thickness;
        }

        return loss;
    }

    private static double LocalDepositIn(Material gas, double momentum) =>
        BetheLoss.Restricted(gas, momentum, ElectronTracker.LowestInGas
            * PhysicalConstants.KiloElectronVolt) / PhysicalConstants.KiloElectronVolt;
}
