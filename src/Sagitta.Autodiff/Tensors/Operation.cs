using System.Numerics;

namespace Sagitta.Autodiff.Tensors;

/// <summary>
/// One kind of differentiable step: a stateless singleton whose static front door computes the value and records the step,
/// and whose <see cref="Backward"/> adds to the gradients of the inputs. What a step needs to remember travels in the record.
/// </summary>
internal abstract class Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The name in messages and profiles.</summary>
    public abstract string Name { get; }

    /// <summary>Adds this step's vector-Jacobian product to the gradients of those inputs that require one.</summary>
    public abstract void Backward(in RecordedStep<T> step);
}
