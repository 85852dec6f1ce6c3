namespace Sagitta.Experiments.Landscapes.Slices;

/// <summary>A slice through a model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Directions">"eigenvectors", "random" or "trajectory".</param>
/// <param name="Loss">The loss whose eigenvectors span the plane; empty for other directions.</param>
/// <param name="Statistics">"fixed", "recomputed", or empty for networks without running averages.</param>
/// <param name="Grid">What was measured.</param>
/// <param name="Centre">The quantities at the model itself.</param>
/// <param name="PathX">The training's path projected on the plane, first coordinates; empty if no trajectory lies beside the model.</param>
/// <param name="PathY">Second coordinates.</param>
/// <param name="PathShare">Share of the first step's squared distance from the model that lies in the plane.</param>
internal sealed record ModelSlice(
    ModelName Model,
    string Directions,
    string Loss,
    string Statistics,
    SliceGrid Grid,
    double[] Centre,
    double[] PathX,
    double[] PathY,
    double PathShare);
